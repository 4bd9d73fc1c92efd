"""From what was collected to clean entries: readers, text repair, merging of repeats."""
