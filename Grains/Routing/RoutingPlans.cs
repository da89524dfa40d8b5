using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>The plans of merchants, as many as are kept in memory; the one kept longest goes first.</summary>
internal sealed class RoutingPlans(int capacity)
{
    private readonly Dictionary<MerchantId, (int Version, RoutingPlan Plan)> _plans = [];
    private readonly Queue<MerchantId> _oldestFirst = new();

    public int Count => _plans.Count;

    /// <summary>Null when it is not known here.</summary>
    public RoutingPlan? Find(MerchantId merchant) => _plans.TryGetValue(merchant, out var known) ? known.Plan : null;

    /// <summary>Keeps the newer of what is known and what is given.</summary>
    public void Keep(MerchantId merchant, MerchantRouting routing)
    {
        if (_plans.TryGetValue(merchant, out var known))
        {
            if (known.Version < routing.Version) _plans[merchant] = (routing.Version, RoutingPlan.Of(routing));
            return;
        }

        if (_plans.Count >= capacity) _plans.Remove(_oldestFirst.Dequeue());
        _plans.Add(merchant, (routing.Version, RoutingPlan.Of(routing)));
        _oldestFirst.Enqueue(merchant);
    }
}
