using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;

namespace Orleans.CodeGeneration;

/// <summary>A method of a grain interface. One object per method, made by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainMethod(Type interfaceType, string name, GrainCallOptions options, string? timeout, params Type[] parameters)
{
    private const BindingFlags AnyInstanceMethod = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // Filled by call filters that ask, and with one entry per method and class at most.
    private static readonly ConcurrentDictionary<(GrainMethod Method, Type Class), MethodInfo> Implementations = new();

    private MethodInfo? _info;

    /// <summary>The interface that declares the method.</summary>
    public Type InterfaceType { get; } = interfaceType;

    public string InterfaceName { get; } = interfaceType.FullName!.Replace('+', '.');

    public string Name { get; } = name;

    internal bool AlwaysInterleave { get; } = options.HasFlag(GrainCallOptions.AlwaysInterleave);

    internal bool ReadOnly { get; } = options.HasFlag(GrainCallOptions.ReadOnly);

    internal bool OneWay { get; } = options.HasFlag(GrainCallOptions.OneWay);

    /// <summary>From <see cref="ResponseTimeoutAttribute"/>; null takes the engine's default.</summary>
    internal TimeSpan? Timeout { get; } =
        timeout is null ? null : TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Looked up when somebody asks for it, which only call filters do.</summary>
    internal MethodInfo Info => _info ??= InterfaceType.GetMethod(Name, AnyInstanceMethod, parameters)!;

    public override string ToString() => $"{InterfaceType.Name}.{Name}";

    internal MethodInfo ImplementationIn(Type type) => Implementations.GetOrAdd(
        (this, type),
        static key =>
        {
            var map = key.Class.GetInterfaceMap(key.Method.InterfaceType);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, key.Method.Info)];
        });
}
