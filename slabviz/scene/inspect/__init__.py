"""What the inspector shows of one slab and one object, as plain values: fields, layout, bytes with their meaning."""
