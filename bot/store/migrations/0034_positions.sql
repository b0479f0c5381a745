-- A list shows deliveries by their positions.
CREATE INDEX deliveries_by_position ON deliveries (position);
