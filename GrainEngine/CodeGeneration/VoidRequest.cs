using System.ComponentModel;
using System.Runtime.ExceptionServices;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.CodeGeneration;

/// <summary>A call whose answer is only that it ended. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class VoidRequest : GrainRequest
{
    private TaskCompletionSource? _answer;
    private Task? _work;

    private protected sealed override Task? AnswerTask => _answer?.Task;

    /// <summary>Valid after <see cref="Open"/>.</summary>
    internal Task Answer => _answer!.Task;

    /// <summary>Calls the method on the grain.</summary>
    protected internal abstract Task Invoke(object grain);

    /// <summary>The grain's own task, for a call that ended inline. The request must not be used afterwards.</summary>
    internal Task TakeAndReset()
    {
        var work = _work!;
        _work = null;
        if (!IsShared)
            Reset();
        return work;
    }

    internal sealed override void Open() => _answer ??= new TaskCompletionSource(AnswerOptions);

    internal sealed override bool TryFail(Exception exception)
    {
        Open();
        return _answer!.TrySetException(exception);
    }

    internal sealed override bool TryCancel(CancellationToken token) => _answer?.TrySetCanceled(token) ?? false;

    internal sealed override async Task<Response> InvokeAsync(Activation activation)
    {
        try
        {
            await Begin(activation);
            return Response.Completed;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    internal sealed override async Task<Response> SendCopyAsync(GrainReference callee)
    {
        await callee.SendUnfiltered((VoidRequest)Copy());
        return Response.Completed;
    }

    /// <summary>Runs the call through its filters.</summary>
    internal static async Task FilterAsync(GrainCall call)
    {
        await call.Invoke();
        if (call.Response!.Exception is { } exception)
            ExceptionDispatchInfo.Throw(exception);
    }

    /// <summary>Sees the ended task of a call for which nobody waits.</summary>
    private protected virtual void OnUnawaitedEnd(Activation activation, Task work) => activation.ReportUnawaited(this, work);

    private protected sealed override Task Start(Activation activation)
    {
        try
        {
            return _work = activation.IsFiltered ? FilterAsync(new IncomingCall(activation, this)) : Begin(activation);
        }
        catch (Exception exception)
        {
            return _work = Task.FromException(exception);
        }
    }

    private protected sealed override void HandOn(Activation activation)
    {
        if (_answer is null)
        {
            // Without an answer to fill, the call runs inline and its caller takes the grain's own task, or nobody waits.
            if (!HasCaller)
                OnUnawaitedEnd(activation, _work!);
            return;
        }

        if (!_answer.TrySetFromTask(_work!))
            activation.ReportUnawaited(this, _work!);
        Close();
    }

    private Task Begin(Activation activation) =>
        Invoke(activation.Instance) ?? throw new InvalidOperationException($"{Method} returned null in place of a task.");
}
