"""Identity data at rest: sealed with SM4-GCM, found by an HMAC-SM3 blind index (GB/T 32907, GB/T 32905)."""
