"""The bundled models, one file each: whatever lies here and defines MODEL or MODELS is found."""
