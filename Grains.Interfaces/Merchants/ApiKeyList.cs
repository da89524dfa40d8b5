using System.Collections.Immutable;

namespace OrleansPayments.Merchants;

/// <summary>A merchant's keys, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("api_key_list")]
public sealed record ApiKeyList([property: Id(0)] ImmutableArray<ApiKeyView> Keys);
