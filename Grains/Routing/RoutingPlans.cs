using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>The plans of merchants, as many as are kept in memory; the one kept longest goes first.</summary>
internal sealed class RoutingPlans(int capacity)
{
    private readonly Dictionary<MerchantId, (int Version, RoutingPlan Plan)> _plans = [];
    private readonly Queue<MerchantId> _oldestFirst = new();

    // How often any merchant told of a change.
    private long _told;

    public int Count => _plans.Count;

    /// <summary>Null when it is not known here.</summary>
    public RoutingPlan? Find(MerchantId merchant) => _plans.TryGetValue(merchant, out var known) ? known.Plan : null;

    /// <summary>What a merchant tells of a change.</summary>
    public void Tell(MerchantId merchant, MerchantRouting routing)
    {
        _told++;
        Keep(merchant, routing);
    }

    /// <summary>Before a merchant is asked that is not known here; for <see cref="Answer"/>.</summary>
    public long Ask() => _told;

    /// <summary>The plan by what the merchant answered, or by what is newer.</summary>
    /// <param name="asked">From <see cref="Ask"/>.</param>
    /// <param name="routing">Null where there is no such merchant.</param>
    public RoutingPlan Answer(long asked, MerchantId merchant, MerchantRouting? routing)
    {
        // What was told meanwhile is newer than the answer. It may even be gone from memory again, so the answer is then not kept.
        if (routing is not null && asked == _told) Keep(merchant, routing);
        return Find(merchant) ?? RoutingPlan.Of(routing ?? MerchantRouting.Default);
    }

    // The newer of what is known and what is given.
    private void Keep(MerchantId merchant, MerchantRouting routing)
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
