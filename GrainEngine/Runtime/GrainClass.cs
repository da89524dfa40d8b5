using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>What the engine knows of a grain class: how to build it and what its attributes ask for.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _factory;

    public GrainClass(Type type, TimeSpan defaultCollectionAge)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? NameOf(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        IsCallFilter = typeof(IIncomingGrainCallFilter).IsAssignableFrom(type);
        MaxWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 1;
        IsStatelessWorker = type.IsDefined(typeof(StatelessWorkerAttribute), inherit: true);
        var age = type.GetCustomAttribute<CollectionAgeLimitAttribute>();
        IsNeverCollected = type.IsDefined(typeof(KeepAliveAttribute), inherit: true) || age is { AlwaysActive: true };
        CollectionAge = age?.AgeLimit ?? defaultCollectionAge;
        Interfaces = [.. type.GetInterfaces().Where(IsGrainInterface)];
        _factory = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>Whether the class filters the calls of its own grains.</summary>
    public bool IsCallFilter { get; }

    public bool IsStatelessWorker { get; }

    /// <summary>Activations per identity at most; 1 unless the class is a stateless worker.</summary>
    public int MaxWorkers { get; }

    public bool IsNeverCollected { get; }

    public TimeSpan CollectionAge { get; }

    public IReadOnlyList<Type> Interfaces { get; }

    /// <summary>Whether the type is a class that the engine activates.</summary>
    public static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrainBase).IsAssignableFrom(type)
        && type.GetInterfaces().Any(IsGrainInterface);

    public object Build(IServiceProvider services) => _factory(services, null);

    private static bool IsGrainInterface(Type type) =>
        typeof(IGrain).IsAssignableFrom(type) && type.Assembly != typeof(IGrain).Assembly;

    private static string NameOf(Type type)
    {
        const string Suffix = "grain";
        // Lower case is Orleans' form of a grain type, and what is shown to people.
#pragma warning disable CA1308
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }
}
