using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Orleans.Generator;

/// <summary>What became of one grain interface: its proxy's source, or the reasons why there is none. Compared by value, so an unchanged one is not written again.</summary>
/// <param name="InterfaceName">Fully qualified.</param>
/// <param name="ProxyName">Unqualified; unique in the assembly.</param>
/// <param name="Source">Empty when there are problems.</param>
internal sealed record GrainInterfaceModel(string InterfaceName, string ProxyName, string Source, GrainProblem[] Problems)
{
    public bool Equals(GrainInterfaceModel? other) =>
        other is not null && InterfaceName == other.InterfaceName && Source == other.Source && Problems.SequenceEqual(other.Problems);

    public override int GetHashCode() => InterfaceName.GetHashCode();
}

/// <summary>A diagnostic without the compilation that it came from, so that it can be cached.</summary>
internal sealed record GrainProblem(DiagnosticDescriptor Descriptor, string Path, TextSpan Span, LinePositionSpan Lines, string Subject, string? Detail)
{
    public static GrainProblem At(ISymbol symbol, Location fallback, DiagnosticDescriptor descriptor, string? detail = null)
    {
        // A member inherited from another assembly has no source; the interface that inherits it has.
        var location = symbol.Locations.FirstOrDefault(candidate => candidate.IsInSource) ?? fallback;
        var lines = location.GetLineSpan();
        return new(descriptor, lines.Path, location.SourceSpan, lines.Span, symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), detail);
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location.Create(Path, Span, Lines), Subject, Detail);
}
