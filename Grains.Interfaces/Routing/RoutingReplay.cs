using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;

namespace OrleansPayments.Routing;

/// <summary>What is replayed, and under what.</summary>
/// <param name="MerchantId">Only this merchant's decisions; null for all.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive; not in the future when it was asked for.</param>
/// <param name="Policy">The draft that takes the place of the configuration of every merchant.</param>
/// <param name="Fees">Tables that take the place of those that the connectors had then; a connector without one keeps the fee that was stored.</param>
[GenerateSerializer, Immutable, Alias("routing_replay_terms")]
public sealed record RoutingReplayTerms(
    [property: Id(0)] MerchantId? MerchantId,
    [property: Id(1)] DateTimeOffset From,
    [property: Id(2)] DateTimeOffset Until,
    [property: Id(3)] RoutingConfiguration Policy,
    [property: Id(4)] ImmutableArray<DraftFees> Fees);

/// <summary>What a connector would have taken.</summary>
[GenerateSerializer, Immutable, Alias("draft_fees")]
public sealed record DraftFees([property: Id(0)] string Connector, [property: Id(1)] ImmutableArray<ConnectorFee> Fees);

/// <param name="RequestFingerprint">Tells whether a repetition is the same request.</param>
[GenerateSerializer, Immutable, Alias("request_routing_replay")]
public sealed record RequestRoutingReplay([property: Id(0)] RoutingReplayTerms Terms, [property: Id(1)] string RequestFingerprint);

/// <param name="Replay">As it was when it was first asked for.</param>
/// <param name="Replayed">It was asked for before.</param>
[GenerateSerializer, Immutable, Alias("request_routing_replay_result")]
public sealed record RequestRoutingReplayResult([property: Id(0)] RoutingReplayView Replay, [property: Id(1)] bool Replayed);

/// <summary>Where a replay stands.</summary>
[GenerateSerializer, Alias("routing_replay_status")]
public enum RoutingReplayStatus
{
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <param name="StartedAt">Null before it ran.</param>
/// <param name="EndedAt">Null while it is queued or runs.</param>
/// <param name="FailureCode">Why it failed, snake_case; else null.</param>
/// <param name="Figures">What it came to; null until it has succeeded.</param>
[GenerateSerializer, Immutable, Alias("routing_replay_view")]
public sealed record RoutingReplayView(
    [property: Id(0)] RoutingReplayId Id,
    [property: Id(1)] RoutingReplayTerms Terms,
    [property: Id(2)] RoutingReplayStatus Status,
    [property: Id(3)] DateTimeOffset RequestedAt,
    [property: Id(4)] DateTimeOffset? StartedAt,
    [property: Id(5)] DateTimeOffset? EndedAt,
    [property: Id(6)] RoutingReplayProgress Progress,
    [property: Id(7)] string? FailureCode,
    [property: Id(8)] RoutingReplayFigures? Figures);

/// <param name="Decisions">Looked at so far, those included that were not comparable.</param>
/// <param name="Rows">Entries of the journal that are read in all; null before it ran.</param>
/// <param name="RowsLeft">Of them still to be read.</param>
/// <param name="Duration">How long it has been at work, interruptions left out.</param>
[GenerateSerializer, Immutable, Alias("routing_replay_progress")]
public sealed record RoutingReplayProgress(
    [property: Id(0)] long Decisions, [property: Id(1)] long? Rows, [property: Id(2)] long RowsLeft, [property: Id(3)] TimeSpan Duration);

/// <summary>Sums over decisions; they are exact, so they do not depend on where a replay was interrupted.</summary>
/// <param name="Decisions">Replayed.</param>
/// <param name="Changed">Of them under the draft at another connector, or at one where there was none, or the other way round.</param>
/// <param name="NotComparable">Those that could not be replayed, by reason.</param>
/// <param name="Cells">By currency and by connectors before and under the draft; in the order of these.</param>
[GenerateSerializer, Immutable, Alias("routing_replay_figures")]
public sealed record RoutingReplayFigures(
    [property: Id(0)] long Decisions,
    [property: Id(1)] long Changed,
    [property: Id(2)] ImmutableArray<RoutingReplayCount> NotComparable,
    [property: Id(3)] ImmutableArray<RoutingReplayCell> Cells)
{
    public static RoutingReplayFigures None { get; } = new(0, 0, [], []);
}

[GenerateSerializer, Immutable, Alias("routing_replay_count")]
public sealed record RoutingReplayCount([property: Id(0)] string Reason, [property: Id(1)] long Decisions);

/// <summary>The decisions in one currency that went from one connector and would go to one. The sums are of minor units of the currency.</summary>
/// <param name="From">Null for none; <see cref="Others"/> for all that have no cell of their own.</param>
/// <param name="To">In the same way.</param>
/// <param name="FeeBefore">Zero where there was no connector; so are the other terms.</param>
/// <param name="WeightedBefore">By the draft's weights, else the default ones; with all digits that a decision has.</param>
/// <param name="ValueBefore">What may be expected to be left of the amount: success rate × (amount − fee).</param>
[GenerateSerializer, Immutable, Alias("routing_replay_cell")]
public sealed record RoutingReplayCell(
    [property: Id(0)] string Currency,
    [property: Id(1)] string? From,
    [property: Id(2)] string? To,
    [property: Id(3)] long Decisions,
    [property: Id(4)] long Amount,
    [property: Id(5)] long FeeBefore,
    [property: Id(6)] long FeeAfter,
    [property: Id(7)] decimal WeightedBefore,
    [property: Id(8)] decimal WeightedAfter,
    [property: Id(9)] decimal ValueBefore,
    [property: Id(10)] decimal ValueAfter)
{
    /// <summary>No connector's name.</summary>
    public const string Others = "*";
}

/// <summary>Ids of replays, newest first.</summary>
[GenerateSerializer, Immutable, Alias("routing_replay_list")]
public sealed record RoutingReplayList([property: Id(0)] ImmutableArray<RoutingReplayId> Replays);
