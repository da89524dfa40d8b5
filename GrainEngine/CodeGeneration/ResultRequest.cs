using System.ComponentModel;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.CodeGeneration;

/// <summary>A call that answers with a value. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ResultRequest<TResult> : GrainRequest
{
    private TaskCompletionSource<TResult>? _answer;
    private Task<TResult>? _work;

    private protected sealed override Task? AnswerTask => _answer?.Task;

    /// <summary>Valid after <see cref="Open"/>.</summary>
    internal Task<TResult> Answer => _answer!.Task;

    /// <summary>Calls the method on the grain.</summary>
    protected internal abstract Task<TResult> Invoke(object grain);

    /// <summary>The grain's own task, for a call that ended inline. The request must not be used afterwards.</summary>
    internal Task<TResult> TakeAndReset()
    {
        var work = _work!;
        _work = null;
        if (!IsShared)
            Reset();
        return work;
    }

    internal sealed override void Open() => _answer ??= new TaskCompletionSource<TResult>(AnswerOptions);

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
            return Response.FromResult(await Begin(activation));
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    internal sealed override async Task<Response> SendCopyAsync(GrainReference callee) =>
        Response.FromResult(await callee.SendUnfiltered((ResultRequest<TResult>)Copy()));

    /// <summary>Runs the call through its filters.</summary>
    internal static async Task<TResult> FilterAsync(GrainCall call)
    {
        await call.Invoke();
        return call.Response!.GetResult<TResult>()!;
    }

    private protected sealed override Task Start(Activation activation)
    {
        try
        {
            return _work = activation.IsFiltered ? FilterAsync(new IncomingCall(activation, this)) : Begin(activation);
        }
        catch (Exception exception)
        {
            return _work = Task.FromException<TResult>(exception);
        }
    }

    private protected sealed override void HandOn(Activation activation)
    {
        // Without an answer to fill, the call runs inline and its caller takes the grain's own task.
        if (_answer is null)
            return;
        if (!_answer.TrySetFromTask(_work!))
            activation.ReportUnawaited(this, _work!);
        Close();
    }

    private Task<TResult> Begin(Activation activation) =>
        Invoke(activation.Instance) ?? throw new InvalidOperationException($"{Method} returned null in place of a task.");
}
