using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OrleansPayments.Grains.Routing;

/// <summary>The places of connectors in a list that a merchant gave.</summary>
internal sealed class PlaceList(ImmutableArray<string> names)
{
    private readonly FrozenDictionary<string, int> _places =
        names.Select((name, place) => KeyValuePair.Create(name, place)).ToFrozenDictionary(StringComparer.Ordinal);

    public int Count => _places.Count;

    /// <summary>0 for the first; null when it is not listed.</summary>
    public int? Find(string name) => _places.Count > 0 && _places.TryGetValue(name, out var place) ? place : null;
}
