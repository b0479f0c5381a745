"""What Preship remembers: deliveries, jobs and how far each review has come, in Postgres."""
