using System.Runtime.InteropServices;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// The connectors as decisions go through them, each with what it told of its health. One that rests is in again by the clock here, so that it is tried even if its
/// next word is lost. Not for two threads at once.
/// </summary>
internal sealed class ConnectorDirectory(TimeProvider time)
{
    // By name, so that nothing that is derived from it depends on the order of arrival. Each word of a connector replaces it in its place: with a thousand of
    // them there may be ten thousand words a second.
    private readonly List<RoutableConnector> _connectors = [];

    // Of a connector that told nothing yet, nothing is held against it.
    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);

    // When the first of those that rest may be in again, or earlier, by the monotonic clock.
    private long _wakesAt = long.MaxValue;

    /// <summary>By name, ordinal; to be used before anything else is told.</summary>
    public ReadOnlySpan<RoutableConnector> Connectors
    {
        get
        {
            if (_wakesAt != long.MaxValue && time.GetTimestamp() >= _wakesAt) Wake();
            return CollectionsMarshal.AsSpan(_connectors);
        }
    }

    /// <summary>An older view than the one that is known is ignored: it may come late, from an activation of the connector that has since ended.</summary>
    public void Keep(ConnectorView view)
    {
        var place = PlaceOf(view.Name.Value);
        if (place >= 0 && _connectors[place].View.Version >= view.Version) return;
        Put(place, view);
    }

    /// <summary>An older view than the one that is known is ignored, and so is a connector that nobody knows.</summary>
    public void Report(ConnectorHealthView health)
    {
        var name = health.Connector.Value;
        var place = PlaceOf(name);
        if (place < 0) return;
        if (_told.TryGetValue(name, out var known) && known.View.Sequence >= health.Sequence) return;
        _told[name] = new Told(health, EndOfRest(health));
        Put(place, _connectors[place].View);
    }

    // The complement of the place at which it would be, where it is not there.
    private int PlaceOf(string name)
    {
        var (from, to) = (0, _connectors.Count - 1);
        while (from <= to)
        {
            var middle = (from + to) / 2;
            var order = string.CompareOrdinal(_connectors[middle].Name, name);
            if (order == 0) return middle;
            if (order < 0) from = middle + 1;
            else to = middle - 1;
        }

        return ~from;
    }

    private void Put(int place, ConnectorView view)
    {
        var connector = new RoutableConnector(view, SignalsOf(view));
        if (!connector.Signals.Available) _wakesAt = Math.Min(_wakesAt, _told[connector.Name].RestsUntil);
        if (place >= 0) _connectors[place] = connector;
        else _connectors.Insert(~place, connector);
    }

    private void Wake()
    {
        _wakesAt = long.MaxValue;
        for (var place = 0; place < _connectors.Count; place++)
        {
            if (!_connectors[place].Signals.Available) Put(place, _connectors[place].View);
        }
    }

    // A few calls say nothing: until there are as many as the circuit asks for, a connector counts as an ordinary one.
    private RoutingSignals SignalsOf(ConnectorView connector)
    {
        if (!_told.TryGetValue(connector.Name.Value, out var told)) return RoutingSignals.Unknown;
        var available = told.View.State != CircuitState.Open || time.GetTimestamp() >= told.RestsUntil;
        if (told.View.Calls < connector.Settings.Health.MinCalls) return RoutingSignals.Unknown with { Available = available };

        var approved = (told.View.SuccessRate ?? 1) * (told.View.AuthorizationRate ?? RoutingSignals.Unknown.SuccessRate);
        return new RoutingSignals(approved, told.View.Latency?.Average ?? RoutingSignals.Unknown.LatencyMs, available);
    }

    private long EndOfRest(ConnectorHealthView health) =>
        time.GetTimestamp() + (long)Math.Ceiling(health.RestsFor.TotalSeconds * time.TimestampFrequency);

    private readonly record struct Told(ConnectorHealthView View, long RestsUntil);
}
