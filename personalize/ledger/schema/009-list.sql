-- A list is full when its entries say so: a counter in one row made every station wait for it.
ALTER TABLE list DROP COLUMN taken;
