-- The series that exist: name and the role of the source that they come from. Re-run: refused.
insert into health.series (name, role) values
('active_features_28d', 'usage'),
('active_users_28d', 'usage'),
('events', 'usage'),
('invoices_due', 'billing'),
('invoices_late', 'billing'),
('invoices_overdue', 'billing'),
('meetings_held', 'crm'),
('pulse', 'crm'),
('ratings_answered', 'support'),
('ratings_good', 'support'),
('reviews_held', 'crm'),
('seats', 'billing'),
('solve_hours', 'support'),
('solved', 'support'),
('tickets_open', 'support'),
('tickets_opened', 'support'),
('tickets_urgent_open', 'support');
