token = "@TOKEN:a@"
print("hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
