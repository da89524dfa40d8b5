using System.Reflection;

namespace OrleansPayments.GrainEngine.Contract.Results;

/// <summary>The rules of this assembly, found by reflection.</summary>
internal static class ContractRules
{
    /// <summary>The classes that hold rules, which every mode of an engine derives from.</summary>
    public static IReadOnlyList<Type> Classes { get; } =
        [.. typeof(Contract).Assembly.GetTypes()
            .Where(type => type.IsAbstract && type.IsSubclassOf(typeof(Contract)))
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>Their names, as <see cref="NameOf"/> makes them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. from type in Classes
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where method.IsDefined(typeof(FactAttribute))
            select NameOf(type, method.Name)];

    /// <summary>The class that runs the rules of another in a mode.</summary>
    public static string ClassName(EngineMode mode, Type rules) => $"{mode}{rules.Name}";

    // Lower case is the form of the tables.
#pragma warning disable CA1308
    public static string ModeName(EngineMode mode) => mode.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    public static string NameOf(Type rules, string method) => $"{rules.Name}.{method}";
}
