using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.CodeGeneration;

/// <summary>The proxies of all grain interfaces, filled per assembly from what the generator left there.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainInterfaceRegistry
{
    private static readonly ConcurrentDictionary<Assembly, GrainInterfaceRegistry> ByAssembly = new();

    private readonly Dictionary<Type, Func<IGrainReferenceRuntime, GrainId, GrainReference>> _proxies = [];

    private GrainInterfaceRegistry()
    {
    }

    /// <summary>For generated code: says how a reference of the interface is made.</summary>
    public void Add(Type interfaceType, Func<IGrainReferenceRuntime, GrainId, GrainReference> proxy) => _proxies.Add(interfaceType, proxy);

    /// <exception cref="ArgumentException">The interface has no proxy.</exception>
    internal static Func<IGrainReferenceRuntime, GrainId, GrainReference> ProxyOf(Type interfaceType)
    {
        var registry = ByAssembly.GetOrAdd(interfaceType.Assembly, Read);
        return registry._proxies.TryGetValue(interfaceType, out var proxy)
            ? proxy
            : throw new ArgumentException(
                $"{interfaceType.FullName} has no grain proxy: it is no grain interface, or its project does not import GrainEngine.props.", nameof(interfaceType));
    }

    private static GrainInterfaceRegistry Read(Assembly assembly)
    {
        var registry = new GrainInterfaceRegistry();
        foreach (var manifest in assembly.GetCustomAttributes<GrainInterfaceManifestAttribute>())
            ((IGrainInterfaceManifest)Activator.CreateInstance(manifest.Manifest, nonPublic: true)!).Describe(registry);
        return registry;
    }
}
