"""How the same is made quick for devices that come again: shapes, folded conditions, plans."""
