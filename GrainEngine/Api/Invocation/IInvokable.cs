using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A method and its arguments. A token counts as an argument.</summary>
public interface IInvokable
{
    /// <summary>The grain; null where the call is sent.</summary>
    object? GetTarget();

    /// <summary>Calls the grain and passes by what filters are left. Only where the call arrives.</summary>
    ValueTask<Response> Invoke();

    int GetArgumentCount();

    /// <exception cref="ArgumentOutOfRangeException">The method has fewer arguments.</exception>
    object? GetArgument(int index);

    /// <summary>Changes what the grain gets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The method has fewer arguments.</exception>
    /// <exception cref="InvalidCastException">The value is not of the argument's type.</exception>
    void SetArgument(int index, object value);

    string GetMethodName();

    /// <summary>The full name of the interface that declares the method.</summary>
    string GetInterfaceName();

    /// <summary>Interface and method, for traces.</summary>
    string GetActivityName();

    MethodInfo GetMethod();

    Type GetInterfaceType();

    /// <summary>The method's own timeout; null when it takes the engine's.</summary>
    TimeSpan? GetDefaultResponseTimeout() => default;

    /// <summary>The call's token; one that is never cancelled when it has none.</summary>
    CancellationToken GetCancellationToken() => default;

    bool IsCancellable => false;
}
