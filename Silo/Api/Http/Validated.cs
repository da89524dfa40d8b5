using System.Diagnostics.CodeAnalysis;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>What came of reading a part of a request: a value or a problem.</summary>
internal readonly struct Validated<T>
{
    private readonly T? _value;
    private readonly Problem? _problem;

    private Validated(T? value, Problem? problem)
    {
        _value = value;
        _problem = problem;
    }

    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Problem? problem)
    {
        value = _value;
        problem = _problem;
        return problem is null;
    }

    public static implicit operator Validated<T>(T value) => new(value, null);

    public static implicit operator Validated<T>(Problem problem) => new(default, problem);
}
