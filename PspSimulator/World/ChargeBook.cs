using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments.PspSimulator.World;

/// <summary>The charges of one account, newest <c>capacity</c> of them. Safe for concurrent use.</summary>
internal sealed class ChargeBook(int capacity)
{
    private readonly Lock _lock = new();
    private readonly SegmentedRing<Charge> _charges = new(capacity);
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    public void Add(Charge charge)
    {
        lock (_lock)
        {
            if (_charges.IsFull) _positions.Remove(_charges[_charges.First].Id);
            _positions.Add(charge.Id, _charges.Add(charge));
        }
    }

    public bool TryGet(string id, [NotNullWhen(true)] out Charge? charge)
    {
        lock (_lock)
        {
            charge = _positions.TryGetValue(id, out var position) ? _charges[position] : null;
            return charge is not null;
        }
    }

    /// <summary>Puts the charge's later state in the place of its earlier one. A charge no longer kept is let go.</summary>
    public void Replace(Charge charge)
    {
        lock (_lock)
        {
            if (_positions.TryGetValue(charge.Id, out var position)) _charges[position] = charge;
        }
    }

    /// <summary>The newest charges, at most <paramref name="limit"/>, oldest first.</summary>
    public Charge[] Newest(int limit)
    {
        lock (_lock) return _charges.Newest(limit);
    }
}
