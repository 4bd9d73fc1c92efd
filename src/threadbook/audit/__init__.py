"""What the published site is measured by: weight, requests, access for all, search engines."""
