using System.Collections.Immutable;

namespace OrleansPayments.Merchants;

/// <summary>Asks for a key. The secret itself never reaches a grain, only its hash.</summary>
/// <param name="Name">For people: 1 to 100 characters.</param>
/// <param name="Permissions">From <see cref="Merchants.Permissions"/>, or <c>*</c>.</param>
/// <param name="SecretHash">SHA-256 of the whole key in UTF-8, lower-case hexadecimal.</param>
/// <param name="RequestFingerprint">A keyed hash of the canonical request.</param>
[GenerateSerializer, Immutable, Alias("issue_api_key")]
public sealed record IssueApiKey(
    [property: Id(0)] ApiKeyId KeyId,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Permissions,
    [property: Id(3)] string SecretHash,
    [property: Id(4)] string RequestFingerprint);
