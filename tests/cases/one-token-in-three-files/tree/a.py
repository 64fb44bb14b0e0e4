token = "@TOKEN:a@"
