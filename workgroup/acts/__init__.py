"""What has happened: who did what to what and when; append-only and hash-chained."""
