é = "@TOKEN:a@"
