using Microsoft.CodeAnalysis;

namespace Orleans.Generator;

/// <summary>What a grain interface may not contain.</summary>
internal static class GrainDiagnostics
{
    public static readonly DiagnosticDescriptor ReturnType = New(
        "GRAIN001", "A grain method must be asynchronous", "{0} returns {1}; a grain method returns Task, Task<T>, ValueTask or ValueTask<T>");

    public static readonly DiagnosticDescriptor Generic = New(
        "GRAIN002", "A grain interface is not generic", "{0} is generic; the embedded engine supports neither generic grain interfaces nor generic grain methods");

    public static readonly DiagnosticDescriptor ByReference = New(
        "GRAIN003", "A grain method takes its arguments by value", "{0} has a ref, in, out or pointer-like parameter, which cannot be part of a message");

    public static readonly DiagnosticDescriptor Member = New(
        "GRAIN004", "A grain interface has methods only", "{0} is a property or an event; a grain interface has methods only");

    public static readonly DiagnosticDescriptor Tokens = New(
        "GRAIN005", "A grain method takes one token at most", "{0} has more than one CancellationToken");

    public static readonly DiagnosticDescriptor OneWayResult = New(
        "GRAIN006", "A one-way method has no result", "{0} is one-way, so nobody would ever see its result; it returns Task or ValueTask");

    public static readonly DiagnosticDescriptor Hidden = New(
        "GRAIN007", "A grain interface must be visible in its assembly", "{0} is private or protected, so no proxy can implement it; make it internal or public");

    private static DiagnosticDescriptor New(string id, string title, string message) =>
        new(id, title, message, "Grains", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
