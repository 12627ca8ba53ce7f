#include "cli/feed.h"

struct wu_feed_answer
wu_feed_answer_of(const USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info)
{
    return (struct wu_feed_answer){
        .frame = info->CurrentUSBFrameNumber,
        .hardware_frame = info->CurrentHardwareFrameNumber,
        .microframe = info->CurrentHardwareMicroFrameNumber,
        .qpc = info->CurrentQueryPerformanceCounter.QuadPart,
        .asked_qpc = info->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart,
        .frequency = info->QueryPerformanceCounterFrequency.QuadPart,
        .accuracy = info->PredictedAccuracyInMicroSeconds,
        .generation = info->CurrentGenerationID,
    };
}
