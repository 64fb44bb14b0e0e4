from huggingface_hub import login

login(token="@TOKEN:a@")
