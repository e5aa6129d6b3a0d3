"""Where everything stands: regions of the page, the grid of a slab's cells, blocks made only when they change."""
