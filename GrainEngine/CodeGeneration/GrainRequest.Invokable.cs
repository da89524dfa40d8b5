using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.CodeGeneration;

// The request as call filters see it. Without filters none of this runs.
public abstract partial class GrainRequest : IInvokable
{
    /// <summary>How many arguments the method has, a token included.</summary>
    protected virtual int ArgumentCount => 0;

    /// <summary>The token as a filter sees it: the caller's where the call is sent, the grain's own where it arrives.</summary>
    protected CancellationToken FilterToken
    {
        get => Target is null ? Cancellation?.CallerToken ?? default : GrainToken;
        set
        {
            if (Target is not null)
                throw new NotSupportedException($"The token of {Method} cannot be replaced where the call arrives: its caller cancels the one it gave.");
            Cancellation = null;
            BindCancellation(value);
        }
    }

    /// <summary>What the method is called on; null where the call is sent.</summary>
    internal virtual object? InvocationTarget => Target?.GrainInstance;

    bool IInvokable.IsCancellable => Array.Exists(Method.Info.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken));

    object? IInvokable.GetTarget() => InvocationTarget;

    ValueTask<Response> IInvokable.Invoke() =>
        new(InvokeAsync(Target ?? throw new InvalidOperationException($"{Method} is called where it arrives and not where it is sent.")));

    int IInvokable.GetArgumentCount() => ArgumentCount;

    object? IInvokable.GetArgument(int index) => GetArgument(index);

    void IInvokable.SetArgument(int index, object value) => SetArgument(index, value);

    string IInvokable.GetMethodName() => Method.Name;

    string IInvokable.GetInterfaceName() => Method.InterfaceName;

    string IInvokable.GetActivityName() => $"{Method.InterfaceType.Name}/{Method.Name}";

    MethodInfo IInvokable.GetMethod() => Method.Info;

    Type IInvokable.GetInterfaceType() => Method.InterfaceType;

    TimeSpan? IInvokable.GetDefaultResponseTimeout() => Method.Timeout;

    CancellationToken IInvokable.GetCancellationToken() => FilterToken;

    /// <summary>For generated code, which knows the arguments.</summary>
    protected virtual object? GetArgument(int index) => throw NoSuchArgument(index);

    /// <inheritdoc cref="GetArgument"/>
    protected virtual void SetArgument(int index, object value) => throw NoSuchArgument(index);

    /// <summary>Calls the grain and says how that ended. In the grain's turn only.</summary>
    internal abstract Task<Response> InvokeAsync(Activation activation);

    /// <summary>
    /// Sends a copy of this request and says how the call ended; throws what it throws. A filter may send more than once and may keep the request, while what
    /// was sent belongs to the engine.
    /// </summary>
    internal abstract Task<Response> SendCopyAsync(GrainReference callee);

    /// <summary>A request of the same arguments that was never sent.</summary>
    private protected GrainRequest Copy()
    {
        var copy = (GrainRequest)MemberwiseClone();
        copy.Cancellation = null;
        if (Cancellation is { } bound)
            copy.BindCancellation(bound.CallerToken);
        return copy;
    }

    private ArgumentOutOfRangeException NoSuchArgument(int index) => new(nameof(index), index, $"{Method} has {ArgumentCount} arguments.");
}
