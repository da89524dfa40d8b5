namespace Orleans.Runtime;

/// <summary>What a timer's tick calls, as call filters see it. The names are Orleans' own.</summary>
internal interface IGrainTimerInvoker : IAddressable
{
    Task InvokeCallbackAsync();
}
