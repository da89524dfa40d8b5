using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>The routing decisions of the past, in an order that never changes. What is read between two places is always the same.</summary>
public interface IRoutingHistory
{
    /// <summary>Settles what is read. A decision that is not durable yet is not among it, whatever its moment is.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="until">Exclusive.</param>
    /// <exception cref="JournalUnavailableException">The store cannot be reached now.</exception>
    Task<RoutingHistoryPlace> OpenAsync(DateTimeOffset from, DateTimeOffset until);

    /// <summary>Reads on from a place.</summary>
    /// <param name="merchant">Only this merchant's decisions; null for all.</param>
    /// <param name="rows">The most entries to go through: 1 to 100 000. The page has as many decisions as they hold.</param>
    /// <exception cref="JournalUnavailableException">The store cannot be reached now.</exception>
    /// <exception cref="InvalidDataException">An entry is not what it should be.</exception>
    Task<RoutingHistoryPage> ReadAsync(RoutingHistoryPlace place, MerchantId? merchant, int rows);
}

/// <summary>How far the history was read.</summary>
/// <param name="Left">What is still to be read of each shard; those that have nothing left are not in it.</param>
public sealed record RoutingHistoryPlace(ImmutableArray<RoutingHistorySpan> Left)
{
    /// <summary>Entries still to be gone through.</summary>
    [JsonIgnore]
    public long RowsLeft => Left.Sum(span => span.Last - span.After);
}

/// <param name="After">The position behind which it begins.</param>
/// <param name="Last">The last position in it.</param>
public readonly record struct RoutingHistorySpan(int Shard, long After, long Last);

/// <param name="Next">Where to read on.</param>
public sealed record RoutingHistoryPage(IReadOnlyList<PastDecision> Decisions, RoutingHistoryPlace Next);

/// <param name="Request">What a route was wanted for.</param>
public sealed record PastDecision(RoutingRequest Request, RoutingDecision Decision);
