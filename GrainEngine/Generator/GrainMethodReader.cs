using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Orleans.Generator;

/// <summary>Reads the methods of a grain interface and finds what the engine cannot do.</summary>
internal static class GrainMethodReader
{
    /// <summary>Whether the type is an interface that grain classes implement.</summary>
    public static bool IsGrainInterface(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && !IsEngineType(type) && type.AllInterfaces.Any(IsGrainMarker);

    /// <summary>The methods of the interface and of all that it inherits, in a stable order.</summary>
    public static IReadOnlyList<IMethodSymbol> Methods(INamedTypeSymbol type) =>
        [.. Members(type).OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary)];

    public static IEnumerable<GrainProblem> Problems(INamedTypeSymbol type, Location location)
    {
        if (type.IsGenericType || type.ContainingType is { IsGenericType: true })
            yield return GrainProblem.At(type, location, GrainDiagnostics.Generic);
        if (!IsVisible(type))
            yield return GrainProblem.At(type, location, GrainDiagnostics.Hidden);
        foreach (var member in Members(type))
        {
            if (member is IPropertySymbol or IEventSymbol)
                yield return GrainProblem.At(member, location, GrainDiagnostics.Member);
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method)
                foreach (var problem in Problems(method, location))
                    yield return problem;
        }
    }

    public static bool IsToken(IParameterSymbol parameter) => parameter.Type.ToDisplayString() == "System.Threading.CancellationToken";

    public static bool IsValueTask(IMethodSymbol method) => method.ReturnType.Name == "ValueTask";

    /// <summary>The type of the answer, or null when there is none.</summary>
    public static ITypeSymbol? Result(IMethodSymbol method) =>
        method.ReturnType is INamedTypeSymbol { TypeArguments.Length: 1 } task ? task.TypeArguments[0] : null;

    public static AttributeData? Attribute(IMethodSymbol method, string fullName) =>
        method.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == fullName);

    private static IEnumerable<GrainProblem> Problems(IMethodSymbol method, Location location)
    {
        if (!IsTask(method.ReturnType))
            yield return GrainProblem.At(method, location, GrainDiagnostics.ReturnType, method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
        if (method.IsGenericMethod)
            yield return GrainProblem.At(method, location, GrainDiagnostics.Generic);
        if (method.Parameters.Any(parameter => parameter.RefKind != RefKind.None || parameter.Type.IsRefLikeType || parameter.Type.TypeKind == TypeKind.Pointer))
            yield return GrainProblem.At(method, location, GrainDiagnostics.ByReference);
        if (method.Parameters.Count(IsToken) > 1)
            yield return GrainProblem.At(method, location, GrainDiagnostics.Tokens);
        if (Result(method) is not null && Attribute(method, "Orleans.Concurrency.OneWayAttribute") is not null)
            yield return GrainProblem.At(method, location, GrainDiagnostics.OneWayResult);
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type) =>
        new[] { type }.Concat(type.AllInterfaces).Where(part => !IsEngineType(part)).SelectMany(part => part.GetMembers()).Where(member => !member.IsStatic);

    private static bool IsTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: <= 1 } named
        && named.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks";

    private static bool IsGrainMarker(INamedTypeSymbol type) => type.Name == "IGrain" && IsEngineType(type);

    private static bool IsEngineType(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "Orleans", ContainingNamespace.IsGlobalNamespace: true }
        && type.Name is "IGrain" or "IGrainWithStringKey" or "IGrainWithGuidKey" or "IGrainWithIntegerKey" or "IGrainWithGuidCompoundKey" or "IGrainWithIntegerCompoundKey"
        || (type.Name == "IAddressable" && type.ContainingNamespace.ToDisplayString() == "Orleans.Runtime");

    private static bool IsVisible(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
            if (part.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal)
                return false;
        return true;
    }
}
