using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// Draws by shares, and the same payment always alike. Each connector draws a number from the payment's id and its own name, exponentially distributed with its share
/// as the rate, and the lowest wins (weighted rendezvous hashing: P(i wins) = shareᵢ / Σ share). One that cannot take the payment takes nothing from the draw: its
/// part falls to the others in the ratio of their shares, and nobody else's payments move.
/// </summary>
internal sealed class VolumeSplitStrategy(ImmutableArray<RoutingShare> split) : IRoutingStrategy
{
    private readonly FrozenDictionary<string, int> _shares = split.ToFrozenDictionary(one => one.Connector, one => one.Share, StringComparer.Ordinal);

    public string Behind => RoutingReasons.NotDrawn;

    public bool ScoresCost => false;

    public ulong SeedOf(RoutingRequest request) => SplitHash.Begin(request.PaymentId.Value);

    public RoutingJudgement Judge(RoutingRequest request, ulong seed, RoutableConnector connector, in RoutingCost cost) =>
        _shares.TryGetValue(connector.Name, out var share)
            ? new RoutingJudgement(null, 0, -Math.Log(SplitHash.Uniform(seed, connector.Name)) / share)
            : RoutingJudgement.OutBecause(RoutingReasons.NotInSplit);
}
