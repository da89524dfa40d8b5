using System.Collections.Concurrent;

namespace OrleansPayments.Benchmarks.Load;

/// <summary>Everything that was no captured payment, by kind; a bounded number of kinds.</summary>
internal sealed class ErrorCounts
{
    private const int MaxKinds = 50;
    private const string Others = "others";

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public long Total => _counts.Values.Sum();

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Add(string kind) => _counts.AddOrUpdate(_counts.Count < MaxKinds || _counts.ContainsKey(kind) ? kind : Others, 1, static (_, count) => count + 1);
}
