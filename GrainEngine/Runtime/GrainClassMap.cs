using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The grain classes of the given assemblies, found once at start.</summary>
internal sealed class GrainClassMap
{
    private readonly FrozenDictionary<GrainType, GrainClass> _byType;
    private readonly FrozenDictionary<Type, GrainClass[]> _byInterface;

    // Interfaces that were asked for, with the class that answers them; bounded by the number of grain interfaces.
    private readonly ConcurrentDictionary<Type, GrainClass> _unambiguous = new();

    /// <exception cref="OrleansException">Two classes have the same grain type.</exception>
    public GrainClassMap(IEnumerable<Assembly> assemblies, TimeSpan defaultCollectionAge)
    {
        var classes = assemblies.Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(GrainClass.IsGrainClass)
            .Select(type => new GrainClass(type, defaultCollectionAge))
            .ToList();
        foreach (var twins in classes.GroupBy(known => known.GrainType).Where(group => group.Count() > 1))
        {
            throw new OrleansException(
                $"The grain type '{twins.Key}' is claimed by {string.Join(" and ", twins.Select(twin => twin.Type.FullName))}; give one of them [GrainType].");
        }

        _byType = classes.ToFrozenDictionary(known => known.GrainType);
        _byInterface = classes
            .SelectMany(known => known.Interfaces.Select(contract => (contract, known)))
            .GroupBy(pair => pair.contract, pair => pair.known)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    /// <exception cref="ArgumentException">No class has this grain type.</exception>
    public GrainClass this[GrainType type] =>
        _byType.TryGetValue(type, out var known) ? known : throw new ArgumentException($"No grain class has the type '{type}'.", nameof(type));

    /// <summary>The class that implements the interface.</summary>
    /// <exception cref="ArgumentException">None does, or several do and the prefix does not decide.</exception>
    public GrainClass Implementing(Type contract, string? prefix)
    {
        if (prefix is null)
            return _unambiguous.TryGetValue(contract, out var known) ? known : _unambiguous.GetOrAdd(contract, Find(contract, null));
        return Find(contract, prefix);
    }

    private GrainClass Find(Type contract, string? prefix)
    {
        if (!_byInterface.TryGetValue(contract, out var classes))
            throw new ArgumentException($"No grain class implements {contract.FullName}. Was its assembly given to AddGrainEngine?", nameof(contract));
        var matching = prefix is null
            ? classes
            : [.. classes.Where(known => known.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal)
                || known.Type.Name.StartsWith(prefix, StringComparison.Ordinal))];
        return matching.Length == 1
            ? matching[0]
            : throw new ArgumentException(
                $"{matching.Length} grain classes implement {contract.FullName}" + (prefix is null ? "." : $" and begin with '{prefix}'."), nameof(contract));
    }
}
