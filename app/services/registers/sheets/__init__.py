"""Excel sheets of the registers: templates, imports with a preview, exports."""
