"""Which submissions of a class share what honest work does not: rare wrong answers, lines, names, texts and layout."""
