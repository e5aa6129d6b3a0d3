"""The inspector: one slab and one object of it, from the fields of ``struct slab`` down to bytes."""
