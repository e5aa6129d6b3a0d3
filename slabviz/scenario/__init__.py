"""The scenario language: YAML files in, checked programs, chapters and expectations out."""
