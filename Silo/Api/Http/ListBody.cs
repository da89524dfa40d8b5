using System.Collections.Immutable;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>One page of a list.</summary>
internal sealed record ListBody<T>(ImmutableArray<T> Data, bool HasMore);
