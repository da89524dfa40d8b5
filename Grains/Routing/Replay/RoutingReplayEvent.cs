using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Grains.Shared.Json;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>What can happen to a replay. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ReplayRequested), "replay.requested")]
[JsonDerivedType(typeof(ReplayStarted), "replay.started")]
[JsonDerivedType(typeof(ReplayProgressed), "replay.progressed")]
[JsonDerivedType(typeof(ReplaySucceeded), "replay.succeeded")]
[JsonDerivedType(typeof(ReplayFailed), "replay.failed")]
[JsonDerivedType(typeof(ReplayCancelled), "replay.cancelled")]
internal abstract record RoutingReplayEvent;

internal sealed record ReplayRequested(RoutingReplayTerms Terms, string RequestFingerprint) : RoutingReplayEvent;

/// <summary>What is read was settled.</summary>
internal sealed record ReplayStarted(RoutingHistoryPlace Place) : RoutingReplayEvent;

/// <summary>All up to a place is in the figures.</summary>
/// <param name="DurationMs">Of the work so far.</param>
internal sealed record ReplayProgressed(RoutingHistoryPlace Place, RoutingReplayFigures Figures, long DurationMs) : RoutingReplayEvent;

internal sealed record ReplaySucceeded(RoutingReplayFigures Figures, long DurationMs) : RoutingReplayEvent;

/// <param name="Code">Snake_case.</param>
internal sealed record ReplayFailed(string Code) : RoutingReplayEvent;

internal sealed record ReplayCancelled : RoutingReplayEvent;

/// <summary>What can happen to the queue of replays. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ReplayQueued), "replays.queued")]
[JsonDerivedType(typeof(ReplayEnded), "replays.ended")]
internal abstract record RoutingReplaysEvent;

internal sealed record ReplayQueued(RoutingReplayId Id) : RoutingReplaysEvent;

internal sealed record ReplayEnded(RoutingReplayId Id) : RoutingReplaysEvent;

/// <summary>The stored form of replays and of their queue.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MerchantIdJsonConverter), typeof(RoutingReplayIdJsonConverter)])]
[JsonSerializable(typeof(RoutingReplayEvent[]))]
[JsonSerializable(typeof(RoutingReplaysEvent[]))]
internal sealed partial class RoutingReplayJson : JsonSerializerContext;
