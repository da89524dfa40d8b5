namespace OrleansPayments.Silo.Api.Json;

/// <summary>How large a map of strings may be.</summary>
/// <param name="MaxCount">Entries.</param>
/// <param name="MaxKeyLength">UTF-16 code units; a key has at least one.</param>
/// <param name="MinValueLength">UTF-16 code units.</param>
/// <param name="MaxValueLength">UTF-16 code units.</param>
internal sealed record MapLimits(int MaxCount, int MaxKeyLength, int MinValueLength, int MaxValueLength);
