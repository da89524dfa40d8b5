using Orleans.Concurrency;

namespace OrleansPayments.Routing;

/// <summary>
/// One replay of past routing decisions under a draft policy: a job. Its key is its id. It reads page by page and records how far it came, so it goes on from there
/// after an interruption.
/// </summary>
[Alias("routing_replay")]
public interface IRoutingReplayGrain : IGrainWithStringKey
{
    /// <summary>Null when there is none.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<RoutingReplayView?> Get();

    /// <summary>Called by <see cref="IRoutingReplaysGrain"/>, which sees to it that it runs.</summary>
    [Alias("create")]
    Task<Outcome<RequestRoutingReplayResult>> Create(RequestRoutingReplay command);

    /// <summary>Sets it to work, or does nothing when it is.</summary>
    /// <returns>False when there is nothing to do: it has ended, or was never created.</returns>
    [AlwaysInterleave, Alias("run")]
    Task<bool> Run();

    /// <summary>Ends it without a result. Harmless when repeated; refused once it has ended otherwise.</summary>
    [Alias("cancel")]
    Task<Outcome<RoutingReplayView>> Cancel();
}
