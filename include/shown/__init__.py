"""How answers look to people: in the terminal, as pages to open or forward."""
