"""What the process serves beside the calls of each platform: pages for a person, files, the server itself."""
