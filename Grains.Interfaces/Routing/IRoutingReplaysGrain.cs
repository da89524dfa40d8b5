using Orleans.Concurrency;

namespace OrleansPayments.Routing;

/// <summary>The queue of replays: few run at once, few wait, and the last ones are kept. Its key is <see cref="Key"/>.</summary>
[Alias("routing_replays")]
public interface IRoutingReplaysGrain : IGrainWithStringKey
{
    /// <summary>The key of the only instance.</summary>
    const string Key = "routing-replays";

    /// <summary>Creates a replay and sets it to work when its turn has come.</summary>
    [Alias("request")]
    Task<Outcome<RequestRoutingReplayResult>> Request(RoutingReplayId id, RequestRoutingReplay command);

    /// <summary>Those that are kept, newest first.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<RoutingReplayList> List();

    /// <summary>Called by a replay that has ended, so that the next one's turn comes. Harmless when repeated.</summary>
    [OneWay, Alias("ended")]
    Task Ended(RoutingReplayId id);

    /// <summary>Sets those to work whose turn it is: after a restart, and whatever else made their activations end. Harmless when repeated.</summary>
    [Alias("wake")]
    Task Wake();
}
