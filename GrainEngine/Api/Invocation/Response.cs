using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Orleans.Serialization.Invocation;

// One closed family: the ways in which a call ends. The embedded engine builds them for filters only.

/// <summary>How a call ended.</summary>
public abstract class Response
{
    /// <summary>The end of a call without a result.</summary>
    public static Response Completed => CompletedResponse.Instance;

    /// <summary>Throws when the call failed.</summary>
    public abstract object? Result { get; set; }

    /// <summary>Null when the call succeeded.</summary>
    public abstract Exception? Exception { get; set; }

    public static Response FromException(Exception exception) => new ExceptionResponse { Exception = exception };

    public static Response FromResult<TResult>(TResult value) => new Response<TResult> { TypedResult = value };

    /// <summary>The result; throws the call's exception when it failed.</summary>
    /// <exception cref="InvalidCastException">The result is of another type.</exception>
    [return: MaybeNull]
    public abstract T GetResult<T>();

    public override string ToString() => Exception is { } exception ? exception.ToString() : Result?.ToString() ?? "[null]";
}

/// <summary>A call without a result has ended.</summary>
public sealed class CompletedResponse : Response
{
    public static CompletedResponse Instance { get; } = new();

    public override object? Result
    {
        get => null;
        set => throw new InvalidOperationException("A response without a result takes none.");
    }

    public override Exception? Exception
    {
        get => null;
        set => throw new InvalidOperationException("A response without a result takes no exception.");
    }

    [return: MaybeNull]
    public override T GetResult<T>() => default;

    public override string ToString() => "[Completed]";
}

/// <summary>A call failed.</summary>
public sealed class ExceptionResponse : Response
{
    public override object? Result
    {
        get => GetResult<object>();
        set => throw new InvalidOperationException("The response of a failed call takes no result.");
    }

    public override Exception? Exception { get; set; }

    [return: MaybeNull]
    public override T GetResult<T>()
    {
        ExceptionDispatchInfo.Throw(Exception!);
        return default;
    }
}

/// <summary>A call ended with a result.</summary>
public sealed class Response<TResult> : Response
{
    public TResult? TypedResult { get; set; }

    public override object? Result
    {
        get => TypedResult;
        set => TypedResult = (TResult?)value;
    }

    public override Exception? Exception
    {
        get => null;
        set => throw new InvalidOperationException("The response of a call that succeeded takes no exception.");
    }

    [return: MaybeNull]
    public override T GetResult<T>() => (T?)(object?)TypedResult;
}
