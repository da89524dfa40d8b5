using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>The sums of a replay so far. They are exact: whole minor units, and decimals where there are parts of them.</summary>
internal sealed class ReplayTally
{
    /// <summary>Pairs of connectors in one currency that are told apart; all others are summed as <see cref="RoutingReplayCell.Others"/>.</summary>
    public const int MaxCells = 1_000;

    private readonly Dictionary<(string Currency, string? From, string? To), Cell> _cells = [];
    private readonly SortedDictionary<string, long> _notComparable = new(StringComparer.Ordinal);
    private long _decisions;
    private long _changed;

    public ReplayTally(RoutingReplayFigures figures)
    {
        (_decisions, _changed) = (figures.Decisions, figures.Changed);
        foreach (var count in figures.NotComparable) _notComparable[count.Reason] = count.Decisions;
        foreach (var cell in figures.Cells) _cells[(cell.Currency, cell.From, cell.To)] = new Cell(cell);
    }

    /// <summary>Looked at, whether they were comparable or not.</summary>
    public long Seen => _decisions + _notComparable.Values.Sum();

    /// <exception cref="OverflowException">A sum does not fit 64 bits; nothing can be said any more.</exception>
    public void Add(Money amount, in ReplayedDecision replayed)
    {
        if (replayed.NotComparable is { } reason)
        {
            _notComparable[reason] = _notComparable.GetValueOrDefault(reason) + 1;
            return;
        }

        _decisions++;
        if (replayed.Before?.Connector != replayed.After?.Connector) _changed++;
        CellOf(amount.Currency.Code, replayed.Before?.Connector, replayed.After?.Connector).Add(amount.MinorUnits, replayed.Before, replayed.After);
    }

    public RoutingReplayFigures ToFigures() => new(
        _decisions, _changed,
        [.. _notComparable.Select(count => new RoutingReplayCount(count.Key, count.Value))],
        [
            .. _cells.OrderBy(cell => cell.Key.Currency, StringComparer.Ordinal).ThenBy(cell => cell.Key.From, StringComparer.Ordinal)
                .ThenBy(cell => cell.Key.To, StringComparer.Ordinal).Select(cell => cell.Value.ToCell(cell.Key)),
        ]);

    private Cell CellOf(string currency, string? from, string? to)
    {
        if (_cells.TryGetValue((currency, from, to), out var cell)) return cell;
        if (_cells.Count >= MaxCells) (from, to) = (from is null ? null : RoutingReplayCell.Others, to is null ? null : RoutingReplayCell.Others);
        if (_cells.TryGetValue((currency, from, to), out cell)) return cell;
        return _cells[(currency, from, to)] = new Cell();
    }

    private sealed class Cell
    {
        private long _decisions;
        private long _amount;
        private long _feeBefore;
        private long _feeAfter;
        private decimal _weightedBefore;
        private decimal _weightedAfter;
        private decimal _valueBefore;
        private decimal _valueAfter;

        public Cell()
        {
        }

        public Cell(RoutingReplayCell cell)
        {
            (_decisions, _amount, _feeBefore, _feeAfter) = (cell.Decisions, cell.Amount, cell.FeeBefore, cell.FeeAfter);
            (_weightedBefore, _weightedAfter, _valueBefore, _valueAfter) = (cell.WeightedBefore, cell.WeightedAfter, cell.ValueBefore, cell.ValueAfter);
        }

        public void Add(long amount, in ReplayedChoice? before, in ReplayedChoice? after)
        {
            _decisions++;
            _amount += amount;
            if (before is { } then)
            {
                _feeBefore += then.Fee;
                _weightedBefore += then.Weighted;
                _valueBefore += then.Value;
            }

            if (after is not { } now) return;
            _feeAfter += now.Fee;
            _weightedAfter += now.Weighted;
            _valueAfter += now.Value;
        }

        public RoutingReplayCell ToCell((string Currency, string? From, string? To) key) => new(
            key.Currency, key.From, key.To, _decisions, _amount, _feeBefore, _feeAfter, _weightedBefore, _weightedAfter, _valueBefore, _valueAfter);
    }
}
