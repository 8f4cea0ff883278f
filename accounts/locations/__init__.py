"""An organization's locations: what changes about them, their opening hours, their days."""
