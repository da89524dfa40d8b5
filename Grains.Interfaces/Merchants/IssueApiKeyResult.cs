namespace OrleansPayments.Merchants;

/// <param name="Replayed">True when an earlier request with the same idempotency key issued the key.</param>
[GenerateSerializer, Immutable, Alias("issue_api_key_result")]
public sealed record IssueApiKeyResult([property: Id(0)] ApiKeyView Key, [property: Id(1)] bool Replayed);
