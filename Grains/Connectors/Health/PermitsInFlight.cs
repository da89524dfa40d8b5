namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>
/// The permits that were given and not given back. One that is never given back (its payment was lost, or the report) is forgotten when it expires. Memory is bounded by
/// twice what is in flight.
/// </summary>
internal sealed class PermitsInFlight(TimeProvider time)
{
    private const int Slack = 64;

    private readonly HashSet<long> _permits = [];

    // In the order in which they were given, with the timestamp at which they were; those given back leave when they come to the front. One that was given for a
    // shorter time than the one before it, because the connector's timeout was changed in between, is not forgotten before that one.
    private Queue<(long Permit, long GivenAt, TimeSpan Lifetime)> _given = [];

    public int Count => _permits.Count;

    /// <param name="lifetime">By the timeout that the charge is sent with: a later change of it does not concern what is under way.</param>
    public void Give(long permit, TimeSpan lifetime)
    {
        _permits.Add(permit);
        _given.Enqueue((permit, time.GetTimestamp(), lifetime));
        if (_given.Count > (2 * _permits.Count) + Slack) _given = new(_given.Where(given => _permits.Contains(given.Permit)));
    }

    /// <summary>False for one that is not in flight: it was given back before, or expired.</summary>
    public bool GiveBack(long permit) => _permits.Remove(permit);

    public void Expire()
    {
        while (_given.TryPeek(out var oldest))
        {
            if (_permits.Contains(oldest.Permit) && time.GetElapsedTime(oldest.GivenAt) < oldest.Lifetime) return;
            _permits.Remove(oldest.Permit);
            _given.Dequeue();
        }
    }
}
